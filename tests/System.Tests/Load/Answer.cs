namespace Monolith.System.Tests.Load;

/// <summary>A command that the host answered with success.</summary>
/// <param name="Actor">Who sent it: a name used only once, which the log keeps with each event.</param>
/// <param name="Command">What was sent.</param>
/// <param name="Stream">The aggregate, from the answer.</param>
/// <param name="Version">Its version, from the ETag.</param>
internal sealed record Answer(string Actor, Command Command, Guid Stream, long Version);
