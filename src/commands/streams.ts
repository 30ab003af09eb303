/** Where a command reads and writes: results go to standard output, everything for people to standard error. */
export const STANDARD_STREAMS = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };

export type Streams = typeof STANDARD_STREAMS;
