/** What the service did that a socket failed with this error, to follow its name. */
export function describeError(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case "ECONNREFUSED":
      return "it refused the connection";
    case "ENOENT":
      return "its socket is not there";
    case "ECONNRESET":
      return "it reset the connection";
    case "EPIPE":
      return "it closed the connection while a request was sent";
    default:
      return error.message;
  }
}
