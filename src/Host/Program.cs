using Monolith.Host.Cli;

// A word in front is a verb; anything else is configuration of the web host, as .NET reads it.
return args is [] || (args[0].StartsWith('-') && !CommandLine.IsHelp(args[0]))
    ? await PlainFailure.GuardAsync(() => WebHost.ServeAsync(args))
    : await PlainFailure.GuardAsync(() => CommandLine.RunAsync(args));
