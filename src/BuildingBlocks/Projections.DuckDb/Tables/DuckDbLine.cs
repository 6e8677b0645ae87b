using System.Data.Common;

namespace Monolith.BuildingBlocks.Projections.DuckDb.Tables;

/// <summary>One line of a table on its way back: its columns, one after the other in the order of their declaration.</summary>
public sealed class DuckDbLine
{
    private readonly DbDataReader reader;
    private int next;

    internal DuckDbLine(DbDataReader reader) => this.reader = reader;

    /// <summary>A UUID.</summary>
    public Guid Uuid() => reader.GetGuid(next++);

    /// <summary>A UUID, or nothing.</summary>
    public Guid? UuidOrNull() => IsNull() ? null : Uuid();

    /// <summary>A text.</summary>
    public string Text() => reader.GetString(next++);

    /// <summary>A text, or nothing.</summary>
    public string? TextOrNull() => IsNull() ? null : Text();

    /// <summary>A whole number of 32 bits.</summary>
    public int Whole() => reader.GetInt32(next++);

    /// <summary>A whole number of 64 bits; a sum of such numbers has more of them unless it is cast.</summary>
    public long Large() => reader.GetInt64(next++);

    /// <summary>A whole number of 64 bits, or nothing.</summary>
    public long? LargeOrNull() => IsNull() ? null : Large();

    /// <summary>A yes or no.</summary>
    public bool Flag() => reader.GetBoolean(next++);

    /// <summary>An exact decimal number.</summary>
    public decimal Exact() => reader.GetDecimal(next++);

    /// <summary>A binary floating-point number, or nothing.</summary>
    public double? DoubleOrNull() => IsNull() ? null : reader.GetDouble(next++);

    /// <summary>A day.</summary>
    public DateOnly Date() => reader.GetFieldValue<DateOnly>(next++);

    /// <summary>A time.</summary>
    public DateTimeOffset Time() => new(DateTime.SpecifyKind(reader.GetDateTime(next++), DateTimeKind.Utc));

    /// <summary>A time, or nothing.</summary>
    public DateTimeOffset? TimeOrNull() => IsNull() ? null : Time();

    /// <summary>Passes a column by.</summary>
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

    // Passes the column by where there is nothing in it.
    private bool IsNull()
    {
        if (!reader.IsDBNull(next))
            return false;
        next++;
        return true;
    }
}
