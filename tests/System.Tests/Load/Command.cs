namespace Monolith.System.Tests.Load;

/// <summary>A command as it is sent.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The route.</param>
/// <param name="Body">The body.</param>
/// <param name="Least">How many events it raises at the least where it succeeds.</param>
/// <param name="Most">How many at the most.</param>
/// <param name="Status">The status that its aggregate has afterwards, where it raises none because that was so already.</param>
internal sealed record Command(HttpMethod Method, string Path, object Body, int Least, int Most, string? Status = null);
