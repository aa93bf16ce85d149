// Reads cases, one JSON a line, and writes what @cloud-copilot/iam-simulate says of each, one JSON a line.
// Run as a process of its own by benchmarks/fuzz_access.py; the package is installed apart and is no part of this project.
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const { runSimulation } = await import(pathToFileURL(process.argv[2]))
for await (const line of createInterface({ input: process.stdin })) {
  let said
  try {
    const found = await runSimulation(JSON.parse(line), { simulationMode: 'Strict' })
    said = found.resultType === 'error' ? { error: found.errors } : { result: found.overallResult }
  } catch (error) {
    said = { error: String(error) }
  }
  process.stdout.write(JSON.stringify(said) + '\n')
}
