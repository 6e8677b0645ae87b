namespace Monolith.Host.Cli;

/// <summary>A verb cannot do its work; the message is one plain line for the person at the terminal.</summary>
internal class CommandFailedException(string message) : Exception(message);
