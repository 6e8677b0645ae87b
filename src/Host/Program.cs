using Monolith.Host;

return await OperatorErrors.ReportAsync(() => args switch
{
    ["migrate", .. var options] => HostCommands.MigrateAsync(options),
    ["health", .. var options] => HostCommands.CheckHealthAsync(options),
    ["--help" or "-h" or "-?"] => HostCommands.ShowHelpAsync(),
    [var word, ..] when !word.StartsWith('-') => HostCommands.RefuseAsync(word),
    _ => HostCommands.ServeAsync(args),
});
