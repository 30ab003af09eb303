/**
 * Addresses at which clouds hand out credentials to whoever asks from the machine: no load is ever sent there. The
 * link-local ranges hold the ones of AWS, Azure, Google, Oracle and DigitalOcean; the others are AWS over IPv6,
 * Alibaba and Azure's wire server.
 */
export function isMetadataAddress(address: string): boolean {
  const plain = address
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/%.*$/, "");
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain);
  const v4 = mapped?.[1] ?? plain;
  if (/^169\.254\./.test(v4) || v4 === "100.100.100.200" || v4 === "168.63.129.16") return true;
  const hex = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(plain);
  if (hex !== null) {
    const high = parseInt(hex[1]!, 16);
    const low = parseInt(hex[2]!, 16);
    return isMetadataAddress([high >> 8, high & 255, low >> 8, low & 255].join("."));
  }
  return /^fe[89ab][0-9a-f]:/.test(plain) || plain === "fd00:ec2::254" || plain === "fd20:ce::254";
}

/** Names that lead to such an address. */
export function isMetadataName(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, "");
  return [
    "metadata.google.internal",
    "metadata.goog",
    "metadata",
    "instance-data",
    "instance-data.ec2.internal",
  ].includes(name);
}
