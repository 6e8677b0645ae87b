using Monolith.Host.Health;

namespace Monolith.Host;

/// <summary>What the host executable does, by its first argument. Everything else is done by the command <c>monolith</c>.</summary>
internal static class HostCommands
{
    private const string Usage = """
        Monolith.Host [--SETTING VALUE …]          serves until SIGTERM or Ctrl-C
        Monolith.Host migrate [--SETTING VALUE …]  applies the migrations of all modules, and ends
        Monolith.Host health [--url URL]           exits with 0 if the host at URL is ready, else with 1

        """;

    public static async Task<int> ServeAsync(string[] args)
    {
        var settings = DevelopmentSettings.Find(args);
        await using var app = Composition.Build(args, settings);
        if (settings is not null)
            await Composition.MigrateAsync(app.Configuration, CancellationToken.None);
        await HostLifetime.RunAsync(app, ready: _ => { }, CancellationToken.None);
        return ExitCode.Success;
    }

    public static async Task<int> MigrateAsync(string[] options)
    {
        if (FirstNoSetting(options) is { } unknown)
            return await RefuseAsync($"migrate {unknown}");
        await Composition.MigrateAsync(Composition.Configuration(options), CancellationToken.None);
        await Console.Out.WriteLineAsync("The migrations of all modules are applied.");
        return ExitCode.Success;
    }

    public static async Task<int> CheckHealthAsync(string[] options)
    {
        var address = options switch
        {
            [] => HostSettings.Urls.Default,
            ["--url", var url] => url,
            _ => null,
        };
        if (!Uri.TryCreate(address, UriKind.Absolute, out var host) || host.Scheme is not ("http" or "https"))
            return await RefuseAsync($"health {string.Join(' ', options)}");
        return await HealthProbe.IsReadyAsync(host, Console.Out) ? ExitCode.Success : ExitCode.Failure;
    }

    public static async Task<int> ShowHelpAsync()
    {
        await Console.Out.WriteAsync(Usage + SettingsText.Help());
        return ExitCode.Success;
    }

    public static async Task<int> ShowVersionAsync()
    {
        await Console.Out.WriteLineAsync(typeof(HostCommands).Assembly.GetName().Version?.ToString());
        return ExitCode.Success;
    }

    public static async Task<int> RefuseAsync(string argument)
    {
        await Console.Error.WriteLineAsync($"The host does not know '{argument}'; operators use the command monolith.");
        await Console.Error.WriteAsync(Usage.TrimEnd() + Environment.NewLine);
        return ExitCode.WrongUsage;
    }

    // The configuration ignores words that are not --KEY VALUE or --KEY=VALUE. A typing error must not change a schema.
    private static string? FirstNoSetting(string[] options)
    {
        for (var i = 0; i < options.Length; i++)
        {
            if (!options[i].StartsWith("--", StringComparison.Ordinal))
                return options[i];
            if (options[i].Contains('=', StringComparison.Ordinal))
                continue;
            if (++i == options.Length)
                return options[i - 1];
        }

        return null;
    }

    private static class ExitCode
    {
        public const int Success = 0;
        public const int Failure = 1;
        public const int WrongUsage = 2;
    }
}
