namespace Monolith.Host.Cli;

internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    /// <summary>Nothing reads the output any more: 128 and the number of SIGPIPE, as a shell says it of other programs.</summary>
    public const int OutputClosed = 141;
}
