import { refusals, resultOf, type Call, type Operation, type VtigerApi, type Way } from './api.js';

/** The REST API of Vtiger Cloud: user name and access key with every request, no session. */
export class RestApi implements VtigerApi {
  readonly #headers: Readonly<Record<string, string>>;

  constructor(private readonly way: Way) {
    const { username, accessKey } = way.settings;
    this.#headers = {
      authorization: `Basic ${Buffer.from(`${username}:${accessKey}`).toString('base64')}`,
    };
  }

  async ask(
    operation: Operation,
    parameters: Readonly<Record<string, string>>,
    { label, signal }: Call,
  ): Promise<unknown> {
    const { settings, http } = this.way;
    const search = new URLSearchParams(parameters).toString().replaceAll('+', '%20');
    const response = await http.request(
      {
        method: 'GET',
        url: `${settings.baseUrl}/restapi/v1/vtiger/default/${operation}?${search}`,
        label,
        headers: this.#headers,
        signal,
      },
      refusals,
    );
    return resultOf(response, label);
  }
}
