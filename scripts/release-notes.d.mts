export function releaseNotes(changelog: string, version: string): string;
export function movingTag(tag: string, version: string): string;
