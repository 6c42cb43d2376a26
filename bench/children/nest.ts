/** Nest alone: its packages as the services load them, and an application of nothing. */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';

class Nothing {}
Module({ imports: [ScheduleModule.forRoot()] })(Nothing);
const app = await NestFactory.createApplicationContext(Nothing, { logger: false });
process.stdout.write('loaded\n');
await app.close();
process.disconnect?.();
