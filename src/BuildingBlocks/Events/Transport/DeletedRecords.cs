namespace Monolith.BuildingBlocks.Events.Transport;

/// <summary>
/// Records at the beginning of a partition that were deleted from the transport, although the log still has their events.
/// </summary>
/// <param name="FirstOffset">
/// The log offset of the first event that can still be read. If no record is left, an offset that is not lower than that.
/// </param>
/// <param name="FirstPosition">The transport's position of the first record that is left, or of the next one.</param>
/// <param name="Source">The incarnation of the transport that the position belongs to.</param>
/// <param name="Reason">What is missing and how to repair it, in sentences.</param>
public sealed record DeletedRecords(long FirstOffset, long FirstPosition, string Source, string Reason);
