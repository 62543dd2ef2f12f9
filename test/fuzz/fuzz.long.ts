import { fuzzTests } from './fuzz-tests.ts';

// All 100,000 cases of the fixed seed; other ones with main.ts.

fuzzTests(1);
