import { serve } from '#connections';
import { CollectorModule } from './collector.module.js';

await serve('collector', CollectorModule, process.env);
