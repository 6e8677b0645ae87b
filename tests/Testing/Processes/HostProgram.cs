namespace Monolith.Testing.Processes;

/// <summary>The executable of the host.</summary>
public static class HostProgram
{
    private const string Variable = "MONOLITH_HOST";

    /// <summary>
    /// The <c>Monolith.Host.dll</c> that <c>MONOLITH_HOST</c> names (<c>./test</c> and <c>./bench</c> set it to the published one, which
    /// starts faster), else the one that was built with the caller.
    /// </summary>
    public static string File { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } host
        ? host
        : Path.Combine(AppContext.BaseDirectory, "Monolith.Host.dll");
}
