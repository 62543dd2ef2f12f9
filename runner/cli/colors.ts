import pc from 'picocolors';

/** Colours for standard output: none where nobody sees them, also when the environment is a CI's. */
export const colors = pc.createColors(pc.isColorSupported && process.stdout.isTTY === true);
