using System.Data.Common;

namespace Monolith.BuildingBlocks.Projections.DuckDb.Tables;

/// <summary>Reads a row of a result, column by column.</summary>
public sealed class DuckDbLine
{
    private readonly DbDataReader reader;
    private int next;

    internal DuckDbLine(DbDataReader reader) => this.reader = reader;

    /// <summary>A UUID.</summary>
    public Guid Uuid() => reader.GetGuid(next++);

    /// <summary>A UUID or null.</summary>
    public Guid? UuidOrNull() => IsNull() ? null : Uuid();

    /// <summary>A string.</summary>
    public string Text() => reader.GetString(next++);

    /// <summary>A string or null.</summary>
    public string? TextOrNull() => IsNull() ? null : Text();

    /// <summary>A 32-bit integer.</summary>
    public int Whole() => reader.GetInt32(next++);

    /// <summary>A 64-bit integer. Sums of integers have 128 bits and must be cast.</summary>
    public long Large() => reader.GetInt64(next++);

    /// <summary>A 64-bit integer or null.</summary>
    public long? LargeOrNull() => IsNull() ? null : Large();

    /// <summary>A Boolean.</summary>
    public bool Flag() => reader.GetBoolean(next++);

    /// <summary>A decimal.</summary>
    public decimal Exact() => reader.GetDecimal(next++);

    /// <summary>A double or null.</summary>
    public double? DoubleOrNull() => IsNull() ? null : reader.GetDouble(next++);

    /// <summary>A date.</summary>
    public DateOnly Date() => reader.GetFieldValue<DateOnly>(next++);

    /// <summary>A time.</summary>
    public DateTimeOffset Time() => new(DateTime.SpecifyKind(reader.GetDateTime(next++), DateTimeKind.Utc));

    /// <summary>A time or null.</summary>
    public DateTimeOffset? TimeOrNull() => IsNull() ? null : Time();

    /// <summary>Skips a column.</summary>
    public DuckDbLine Skip()
    {
        next++;
        return this;
    }

    internal byte[] Blob()
    {
        using var stream = reader.GetStream(next++);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    internal bool Read()
    {
        next = 0;
        return reader.Read();
    }

    // Skips the column if it is null.
    private bool IsNull()
    {
        if (!reader.IsDBNull(next))
            return false;
        next++;
        return true;
    }
}
