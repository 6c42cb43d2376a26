import { serviceName } from './service-name.js';

it.each([
  ['a service', ['node', '/app/dist/services/collector/src/main.js'], 'carillon-collector'],
  ['a command', ['node', '/app/dist/services/carillon/src/main.js', 'run', '--once'], 'carillon-run'],
  ['a command by its link', ['node', '/usr/bin/carillon', 'up'], 'carillon-up'],
  ['no command', ['node', '/app/dist/services/carillon/src/main.js', '--help'], 'carillon'],
  ['something else', ['node'], 'carillon'],
])('names %s', (_, argv, name) => {
  expect(serviceName(argv)).toBe(name);
});
