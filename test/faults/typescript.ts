/**
 * For `node --import ./test/faults/typescript.ts …`: tests name each other's files as the compiler wants it, with `.js`, and Node, which strips
 * types by itself, finds them with `.ts`. What they name of `libs` and `services` is taken from the build, as `#…` imports are.
 */
import { registerHooks } from 'node:module';

const root = new URL('../../', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const from = context.parentURL;
    if (!from?.startsWith(`${root}test/`) || !/^\.\.?\/.*\.js$/.test(specifier))
      return next(specifier, context);
    const { href } = new URL(specifier, from);
    const isBuilt = /^(?:libs|services)\//.test(href.slice(root.length));
    return next(isBuilt ? `${root}dist/${href.slice(root.length)}` : href.replace(/\.js$/, '.ts'), context);
  },
});
