using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Util;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>A field of one term.</summary>
internal sealed class KeywordWriter<TRow>(string name, Func<TRow, string?> value, bool stored, bool sorted) : FieldWriter<TRow>
{
    private readonly StringField field = new(name, "", stored ? Field.Store.YES : Field.Store.NO);
    private readonly SortedDocValuesField? order = sorted ? new SortedDocValuesField(name, new BytesRef()) : null;

    public override string? Add(TRow row, List<IIndexableField> document)
    {
        if (value(row) is not { } text)
            return null;
        if (Refusal(name, text) is { } refusal)
            return refusal;
        field.SetStringValue(text);
        document.Add(field);
        if (order is null)
            return null;
        order.SetBytesValue(new BytesRef(text));
        document.Add(order);
        return null;
    }
}
