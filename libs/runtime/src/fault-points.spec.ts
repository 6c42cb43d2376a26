import { faultPoint, faultPointNames, setFaultHandler } from './fault-points.js';

afterEach(() => setFaultHandler(undefined));

it('does nothing by itself', async () => {
  await expect(faultPoint('deliver.sending')).resolves.toBeUndefined();
});

it('tells a handler where the process is, and waits for it', async () => {
  const passed: string[] = [];
  setFaultHandler(async (point) => {
    await Promise.resolve();
    passed.push(point);
  });

  await faultPoint('collect.page');
  await faultPoint('deliver.accepted');

  expect(passed).toEqual(['collect.page', 'deliver.accepted']);
});

it('lets a handler make the stage fail', async () => {
  setFaultHandler(() => {
    throw new Error('planned');
  });

  await expect(faultPoint('evaluate.decided')).rejects.toThrow('planned');
});

it('names each point once', () => {
  expect(new Set(faultPointNames).size).toBe(faultPointNames.length);
});
