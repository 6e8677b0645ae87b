using Microsoft.Extensions.Logging;

namespace Monolith.Host.Tests.Unit.Logging;

/// <summary>Lines as the host declares them.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The relay of {Log} ended: {Reason}")]
    public static partial void Ended(ILogger logger, Exception? exception, string log, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The relay of {Log} ended: {Reason}")]
    public static partial void Failed(ILogger logger, string log, string reason);
}
