using System.Diagnostics.CodeAnalysis;

namespace Monolith.BuildingBlocks.Domain;

/// <summary>The answer of a use case: a value, or the <see cref="Domain.Error"/> that explains why there is none. Exceptions are for bugs and broken infrastructure.</summary>
/// <typeparam name="T">What success gives.</typeparam>
public readonly struct Result<T>
{
    private readonly T? value;

    private Result(T? value, Error? error)
    {
        this.value = value;
        Error = error;
    }

    /// <summary>Why there is no value; null on success.</summary>
    public Error? Error { get; }

    /// <summary>The value of a success.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public T Value => Error is null ? value! : throw new InvalidOperationException($"No value: {Error.Slug}.");

    /// <summary>Takes the value, if there is one.</summary>
    /// <param name="result">The value of a success.</param>
    /// <param name="error">The error otherwise.</param>
    public bool TryGet([MaybeNullWhen(false)] out T result, [NotNullWhen(false)] out Error? error)
    {
        result = value;
        error = Error;
        return error is null;
    }

    /// <summary>A success.</summary>
    /// <param name="value">Its value.</param>
    [SuppressMessage("Usage", "CA2225", Justification = "A handler returns a value or an error; there is no other way to make one.")]
    public static implicit operator Result<T>(T value) => new(value, null);

    /// <summary>A refusal.</summary>
    /// <param name="error">Its reason.</param>
    [SuppressMessage("Usage", "CA2225", Justification = "A handler returns a value or an error; there is no other way to make one.")]
    public static implicit operator Result<T>(Error error) => new(default, error);
}
