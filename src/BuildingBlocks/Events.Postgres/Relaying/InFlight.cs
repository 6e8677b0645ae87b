using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Postgres.Relaying;

/// <summary>What a producer has been given and has not had acknowledged: bounded, since all of it is lost and sent again when a session ends.</summary>
internal sealed class InFlight(TimeProvider clock)
{
    private const int MostRecords = 20_000;
    private const long MostBytes = 32L << 20;

    /// <summary>What headers and bookkeeping take beside the data, about.</summary>
    private const int BytesBesideData = 600;

    private long records;
    private long bytes;
    private long progressAt = clock.GetTimestamp();
    private volatile bool starved;

    /// <summary>Pulsed when there is room again after there was none.</summary>
    public LogSignal Settled { get; } = new();

    /// <summary>Whether more may be produced now.</summary>
    public bool HasRoom
    {
        get
        {
            if (!IsFull)
                return true;
            starved = true;
            // What was acknowledged before the flag was set has pulsed nobody.
            return !IsFull;
        }
    }

    /// <summary>Whether everything is acknowledged.</summary>
    public bool IsEmpty => Volatile.Read(ref records) == 0;

    /// <summary>How long nothing has been acknowledged although something was sent.</summary>
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
        if (!starved || IsFull)
            return;
        starved = false;
        Settled.Pulse();
    }

    private bool IsFull => Volatile.Read(ref records) >= MostRecords || Volatile.Read(ref bytes) >= MostBytes;

    private static long Weight(LogRecord record) => record.Data.Length + BytesBesideData;
}
