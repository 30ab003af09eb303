/** What the benches use of autocannon's own programme. */
declare module "autocannon" {
  export default function autocannon(options: {
    readonly url: string;
    readonly connections: number;
    readonly amount: number;
  }): Promise<unknown>;
}
