using Monolith.Host;

return await OperatorErrors.ReportAsync(() => args switch
{
    ["--help" or "-h" or "-?", ..] or ["migrate" or "health", "--help" or "-h" or "-?", ..] => HostCommands.ShowHelpAsync(),
    ["--version", ..] => HostCommands.ShowVersionAsync(),
    ["migrate", .. var options] => HostCommands.MigrateAsync(options),
    ["health", .. var options] => HostCommands.CheckHealthAsync(options),
    [var word, ..] when !word.StartsWith('-') => HostCommands.RefuseAsync(word),
    _ => HostCommands.ServeAsync(args),
});
