import { serve } from '#connections';
import { RulesModule } from './rules.module.js';

await serve('rules', RulesModule, process.env);
