// Reads variants from a file, [{id, resources}], and prints which HIPAA rules each breaks: {id: [rule, ...]}.
// A rule that throws, because it cannot resolve a value, is printed with a question mark behind it.
const fs = require('fs');
const os = require('os');
const path = require('path');
const { App, Stack } = require('aws-cdk-lib');
const { CfnInclude } = require('aws-cdk-lib/cloudformation-include');
const { HIPAASecurityChecks } = require('cdk-nag');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-nag-'));
const app = new App({ outdir: path.join(folder, 'out'), analyticsReporting: false });
const pack = new HIPAASecurityChecks(app);
const found = {};
for (const { id, resources } of JSON.parse(fs.readFileSync(process.argv[2], 'utf8'))) {
  const templateFile = path.join(folder, 'template.json');
  fs.writeFileSync(templateFile, JSON.stringify({ Resources: resources }));
  const stack = new Stack(app, `v${id}`);
  new CfnInclude(stack, 'T', { templateFile });
  const report = pack.validateScope(stack);
  found[id] = report.violations
    .filter((v) => v.violatingResources.some((c) => c.constructPath.includes('/Judged')))
    .map((v) => v.ruleName.replace('HIPAA.Security-', '').replace(/\[.*/, '') + (/threw an error/.test(v.description) ? '?' : ''));
}
process.stdout.write(JSON.stringify(found));
fs.rmSync(folder, { recursive: true, force: true });
