/** Why CPU and memory of a service cannot be read on this system; `null` where they can. */
export function usageOnThisSystem(platform: NodeJS.Platform): string | null {
  switch (platform) {
    case "linux":
      return null;
    case "darwin":
      return "CPU and memory are read from /proc, which macOS does not have";
    default:
      return `CPU and memory are read from /proc, which ${platform} does not have`;
  }
}
