namespace Monolith.Host.Cli.Admin;

/// <summary>No host answers, or not just now.</summary>
internal sealed class HostAwayException(string message, string? document = null) : RefusedException(message, document);
