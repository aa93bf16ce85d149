// So many pairs of a KMS key and a bucket that it seals, synthesised under cdk-nag's HIPAA pack: the other side of
// benchmarks/guards.py. It prints how many findings the pack had, so that nobody takes a run that judged nothing for one.
const fs = require('fs');
const os = require('os');
const path = require('path');
const { App, Stack, Validations, aws_kms: kms, aws_s3: s3 } = require('aws-cdk-lib');
const { HIPAASecurityChecks } = require('cdk-nag');

const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-nag-'));
const app = new App({ outdir, analyticsReporting: false });
const stack = new Stack(app, 'Wards');
for (let n = 0; n < Number(process.argv[2]); n++) {
  const key = new kms.Key(stack, `Key${n}`, { enableKeyRotation: true });
  new s3.Bucket(stack, `Records${n}`, {
    encryption: s3.BucketEncryption.KMS,
    encryptionKey: key,
    versioned: true,
    enforceSSL: true,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
  });
}
const pack = new HIPAASecurityChecks(app);
Validations.of(app).addPlugins(pack);
let failed = false;
try {
  app.synth();
} catch (error) {
  failed = true;
}
const reports = fs.readdirSync(outdir).filter((name) => /report/i.test(name));
const lines = reports.reduce((sum, name) => sum + fs.readFileSync(path.join(outdir, name), 'utf8').split('\n').length, 0);
process.stdout.write(JSON.stringify({ failed, reports: reports.length, lines }) + '\n');
fs.rmSync(outdir, { recursive: true, force: true });
process.exitCode = 0;
