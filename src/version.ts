/** Kept equal to package.json's by a test. */
export const VERSION = "0.1.0";

/** How Tailgate names itself to the services under test and to GitHub. */
export const USER_AGENT = `tailgate/${VERSION}`;
