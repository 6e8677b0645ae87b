namespace Monolith.Host.Cli.Admin;

/// <summary>An answer of the admin API: what it says, and the document that it came in.</summary>
internal sealed record AdminResponse<T>(T Value, string Document);
