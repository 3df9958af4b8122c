"""A tiny model of MusicGen's shape with chance for weights, in a folder as the real ones come."""

import pytest


def _model():
    import torch
    from transformers import (
        EncodecConfig,
        MusicgenConfig,
        MusicgenDecoderConfig,
        MusicgenForConditionalGeneration,
        T5Config,
    )

    torch.manual_seed(404)
    words = T5Config(vocab_size=64, d_model=16, d_kv=8, d_ff=32, num_layers=1, num_heads=2)
    audio = EncodecConfig(
        sampling_rate=32_000,
        hidden_size=16,
        num_filters=4,
        upsampling_ratios=[8, 5, 4, 4],
        codebook_size=64,
        codebook_dim=16,
        num_lstm_layers=1,
        target_bandwidths=[1.2],  # four codebooks at 50 frames a second
    )
    decoder = MusicgenDecoderConfig(
        vocab_size=64,
        hidden_size=16,
        num_hidden_layers=1,
        ffn_dim=32,
        num_attention_heads=2,
        num_codebooks=4,
        pad_token_id=64,
        bos_token_id=64,
    )
    model = MusicgenForConditionalGeneration(
        MusicgenConfig(text_encoder=words, audio_encoder=audio, decoder=decoder)
    )
    for layer in model.audio_encoder.quantizer.layers:
        layer.codebook.embed.normal_()  # zeros when new: every token would sound the same
    for name in ("decoder_start_token_id", "pad_token_id", "bos_token_id"):
        setattr(model.generation_config, name, 64)
    model.generation_config.guidance_scale = 3.0
    return model


def _processor():
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import EncodecFeatureExtractor, MusicgenProcessor, PreTrainedTokenizerFast

    known = ["<pad>", "</s>", "<unk>", "kick", "snare", "hat", "loop", "warm", "bass", "808"]
    tokenizer = Tokenizer(
        models.WordLevel({word: place for place, word in enumerate(known)}, unk_token="<unk>")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    special = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    return MusicgenProcessor(
        EncodecFeatureExtractor(feature_size=1, sampling_rate=32_000),
        PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special),
    )


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """The folder of the model."""
    folder = tmp_path_factory.mktemp("tiny")
    _model().save_pretrained(folder)
    _processor().save_pretrained(folder)
    return folder


@pytest.fixture
def engine(tiny, monkeypatch):
    """The engine with that model."""
    from library.engines.musicgen import MusicGen

    monkeypatch.setattr(MusicGen, "version", str(tiny))
    return MusicGen()
