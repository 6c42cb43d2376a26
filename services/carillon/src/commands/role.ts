import { Command } from 'commander';
import type { Type } from '@nestjs/common';
import { serve } from '#connections';
import type { CommandContext } from './context.js';

interface Role {
  readonly summary: string;
  /** Loads the service: a process carries no role but its own. */
  readonly load: () => Promise<Type>;
}

const roles = {
  collector: {
    summary: 'run the collector: pulls facts from sources until it is ended',
    load: async () => (await import('../../../collector/src/collector.module.js')).CollectorModule,
  },
  rules: {
    summary: 'run the rules: plans and decides until it is ended',
    load: async () => (await import('../../../rules/src/rules.module.js')).RulesModule,
  },
  notifier: {
    summary: 'run the notifier: sends deliveries until it is ended',
    load: async () => (await import('../../../notifier/src/notifier.module.js')).NotifierModule,
  },
  gateway: {
    summary: 'run the gateway: tells over HTTP how connections are, until it is ended',
    load: async () => (await import('../../../gateway/src/gateway.module.js')).GatewayModule,
  },
} as const satisfies Record<string, Role>;

/** `carillon collector`, `rules`, `notifier`, `gateway`: one service as a process of its own, as `services/<name>/src/main.ts` is. What a container of the image runs. */
export const roleCommand =
  (name: keyof typeof roles) =>
  (context: CommandContext): Command => {
    const { summary, load } = roles[name];
    return new Command(name)
      .summary(summary)
      .description(
        'Runs until SIGTERM or Ctrl-C, then finishes what is at hand and ends with 0. It logs JSON lines on stderr and answers /healthz and /readyz on PORT.\n\n' +
          'Exits with 2 for bad configuration, such as a schema that `carillon migrate` has to bring up to date, 1 where it cannot start or work had to be left.',
      )
      .action(async () => serve(name, await load(), context.environment));
  };
