/** The three services in one process, as `carillon up` runs them, for worlds that are to be cheap. */
import { serve } from '#connections';
import { CollectorModule } from '../../services/collector/src/collector.module.js';
import { NotifierModule } from '../../services/notifier/src/notifier.module.js';
import { RulesModule } from '../../services/rules/src/rules.module.js';
import { Module } from '@nestjs/common';

class AllInOne {}
Module({ imports: [CollectorModule, RulesModule, NotifierModule] })(AllInOne);

await serve('all', AllInOne, process.env);
