using Monolith.Cli.Invocation;

namespace Monolith.Cli.Admin;

/// <summary>The host refused a request. The message is the host's; the document is its problem document, if it sent one.</summary>
internal class RequestRefusedException(string message, string? document) : CommandFailedException(message)
{
    public string? Document { get; } = document;
}

/// <summary>No host answers, or the host is temporarily unavailable.</summary>
internal sealed class HostUnavailableException(string message, string? document = null) : RequestRefusedException(message, document);
