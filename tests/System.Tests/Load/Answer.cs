namespace Monolith.System.Tests.Load;

/// <summary>A command that the host answered with success.</summary>
/// <param name="Actor">The sender: a name used only once, which the log stores with each event.</param>
/// <param name="Command">The command that was sent.</param>
/// <param name="Stream">The aggregate, from the answer.</param>
/// <param name="Version">Its version, from the ETag.</param>
internal sealed record Answer(string Actor, Command Command, Guid Stream, long Version);
