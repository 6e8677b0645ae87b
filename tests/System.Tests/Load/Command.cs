namespace Monolith.System.Tests.Load;

/// <summary>A command as it is sent.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The route.</param>
/// <param name="Body">The body.</param>
/// <param name="Least">The minimum number of events that it raises on success.</param>
/// <param name="Most">The maximum number of events.</param>
/// <param name="Status">The status of its aggregate afterwards, if it raises no event because the status is unchanged.</param>
internal sealed record Command(HttpMethod Method, string Path, object Body, int Least, int Most, string? Status = null);
