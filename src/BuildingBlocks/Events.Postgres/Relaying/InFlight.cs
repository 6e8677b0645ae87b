using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Postgres.Relaying;

/// <summary>
/// The records that were sent and not acknowledged yet. Their number is bounded, since all of them are sent again after a session has
/// ended.
/// </summary>
internal sealed class InFlight(TimeProvider clock)
{
    private const int MaxRecords = 20_000;
    private const long MaxBytes = 32L << 20;

    /// <summary>The approximate size of headers and bookkeeping of a record.</summary>
    private const int OverheadBytes = 600;

    private long records;
    private long bytes;
    private long progressAt = clock.GetTimestamp();
    private volatile bool isWaiting;

    /// <summary>Pulsed when there is room again.</summary>
    public LogSignal Settled { get; } = new();

    /// <summary>Whether more records may be sent now.</summary>
    public bool HasRoom
    {
        get
        {
            if (!IsFull)
                return true;
            isWaiting = true;
            // Acknowledgements before the flag was set did not pulse.
            return !IsFull;
        }
    }

    /// <summary>Whether everything is acknowledged.</summary>
    public bool IsEmpty => Volatile.Read(ref records) == 0;

    /// <summary>How long no record has been acknowledged although records are in flight.</summary>
    public TimeSpan StuckFor => IsEmpty ? TimeSpan.Zero : clock.GetElapsedTime(Volatile.Read(ref progressAt));

    public void Add(LogRecord record)
    {
        if (Interlocked.Increment(ref records) == 1)
            Volatile.Write(ref progressAt, clock.GetTimestamp());
        Interlocked.Add(ref bytes, Weight(record));
    }

    public void Remove(LogRecord record)
    {
        Interlocked.Add(ref bytes, -Weight(record));
        Volatile.Write(ref progressAt, clock.GetTimestamp());
        Interlocked.Decrement(ref records);
        if (!isWaiting || IsFull)
            return;
        isWaiting = false;
        Settled.Pulse();
    }

    private bool IsFull => Volatile.Read(ref records) >= MaxRecords || Volatile.Read(ref bytes) >= MaxBytes;

    private static long Weight(LogRecord record) => record.Data.Length + OverheadBytes;
}
