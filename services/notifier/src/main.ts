import { serve } from '#connections';
import { NotifierModule } from './notifier.module.js';

await serve('notifier', NotifierModule, process.env);
