namespace Monolith.Testing.Processes;

/// <summary>The program of the host, for those who run it as a process of its own.</summary>
public static class HostProgram
{
    private const string Variable = "MONOLITH_HOST";

    /// <summary>What <c>MONOLITH_HOST</c> names, where <c>./test</c> and <c>./bench</c> put the published one, which starts sooner and is what is shipped; else the one that was built with the caller.</summary>
    public static string File { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } host ? host : Path.Combine(AppContext.BaseDirectory, "Monolith.Host.dll");
}
