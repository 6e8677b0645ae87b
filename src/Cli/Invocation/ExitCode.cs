using Monolith.BuildingBlocks.LocalServers;
using Monolith.Host;

namespace Monolith.Cli.Invocation;

internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int WrongUsage = 2;

    /// <summary>Standard output was closed by its reader: 128 + SIGPIPE, as shells report it.</summary>
    public const int OutputClosed = 141;
}

/// <summary>A verb cannot do its work. The message is one line for the person at the terminal.</summary>
internal class CommandFailedException(string message) : Exception(message)
{
    /// <summary>The line that tells an operator what is wrong; null if the exception is a bug.</summary>
    public static string? Describe(Exception exception) =>
        exception is CommandFailedException or LocalServerException ? exception.Message : OperatorErrors.Describe(exception);
}
