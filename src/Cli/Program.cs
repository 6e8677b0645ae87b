using Monolith.Cli;
using Monolith.Cli.Invocation;
using Monolith.Host;

return await OperatorErrors.ReportAsync(() => CommandLine.RunAsync(args), CommandFailedException.Describe);
