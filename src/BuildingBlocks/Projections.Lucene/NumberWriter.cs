using Lucene.Net.Documents;
using Lucene.Net.Index;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>A field of a whole number.</summary>
internal sealed class NumberWriter<TRow>(string name, Func<TRow, long?> value, bool stored, bool sorted) : FieldWriter<TRow>
{
    private readonly Int64Field field = new(name, 0, stored ? Field.Store.YES : Field.Store.NO);
    private readonly NumericDocValuesField? order = sorted ? new NumericDocValuesField(name, 0) : null;

    public override string? Add(TRow row, List<IIndexableField> document)
    {
        if (value(row) is not { } number)
            return null;
        field.SetInt64Value(number);
        document.Add(field);
        if (order is null)
            return null;
        order.SetInt64Value(number);
        document.Add(order);
        return null;
    }
}
