namespace Monolith.Host.Cli.Admin;

/// <summary>The host refused.</summary>
/// <param name="message">What it said.</param>
/// <param name="document">Its problem document; null where it gave none.</param>
internal class RefusedException(string message, string? document) : CommandFailedException(message)
{
    /// <summary>The problem document; null where there is none.</summary>
    public string? Document { get; } = document;
}
