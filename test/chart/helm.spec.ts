import { rendered } from './helm.js';

const { PATH } = process.env;

afterEach(() => {
  process.env['PATH'] = PATH;
});

it('where there is no Helm it is said how to get it', async () => {
  process.env['PATH'] = '/nowhere';

  await expect(rendered({})).rejects.toThrow(/no `helm` on the PATH.*Install Helm 3 \(https:/);
});
