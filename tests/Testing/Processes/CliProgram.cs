namespace Monolith.Testing.Processes;

/// <summary>The command line as a process, as <c>./run</c> starts it.</summary>
public static class CliProgram
{
    private const string Variable = "MONOLITH_CLI";

    /// <summary>
    /// The <c>monolith.dll</c> that <c>MONOLITH_CLI</c> names (<c>./test</c> sets it to the published one), else the one that was built
    /// with the tests.
    /// </summary>
    public static string File { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } cli
        ? cli
        : Path.Combine(AppContext.BaseDirectory, "monolith.dll");

    /// <summary>Variables that <c>./run</c> sets.</summary>
    public static IReadOnlyDictionary<string, string> Variables { get; } =
        new Dictionary<string, string> { ["MONOLITH_COMMAND"] = "./run" };

    /// <summary>Starts a verb.</summary>
    /// <param name="environment">Variables in addition to those of this process.</param>
    /// <param name="arguments">The verb and its options.</param>
    public static Task<ChildProcess> LaunchAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        ChildProcess.StartAsync(
            [ChildProcess.Dotnet, File, .. arguments],
            AppContext.BaseDirectory,
            new Dictionary<string, string>(environment.Concat(Variables)));
}
