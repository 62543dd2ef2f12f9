import { fuzzTests } from './fuzz-tests.ts';

// The first of the cases that fuzz.long.ts tries.

fuzzTests(0.08);
