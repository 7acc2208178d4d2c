export { TIME_MACHINE_ERRORS, type TimeMachineErrorCode } from './time-machine.errors.js';
export { TimeMachineResolver } from './time-machine.resolver.js';
export { TimeMachineService } from './time-machine.service.js';
